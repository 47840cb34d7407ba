//! Opens the derived files of closed segments, and builds again what is absent, different, ahead or
//! damaged. What nobody needs is removed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::closed::salvage;
use super::doing;
use crate::catalog::{Catalog, Segment};
use crate::disk::Disk;
use crate::handles::Handles;
use crate::index::{self, FileIndex, Index, MemoryIndex};
use crate::options::Check;
use crate::pages::{DIRECTORY, Derived};
use crate::reader::ReadError;
use crate::register::{self, Cover, Run, Table};
use crate::segment::SegmentHeader;
use crate::store::{Damage, OpenError, OpenReport};

/// The closed segments of a log.
pub(super) struct Closed<'a, D: Disk> {
    pub(super) handles: &'a Arc<Handles<D>>,
    pub(super) newest: &'a SegmentHeader,
}

/// What a scan of a segment gives, made at most once.
type Salvaged = (Option<MemoryIndex>, Table, Option<Damage>);

impl<D: Disk> Closed<'_, D> {
    /// Brings every closed segment into the catalog.
    pub(super) fn open(
        &self,
        older: &[(u64, Option<SegmentHeader>)],
        check: Check,
        catalog: &mut Catalog<D>,
        report: &mut OpenReport,
    ) -> Result<(), OpenError> {
        let names = self.handles.disk().list(DIRECTORY).map_err(doing("list derived files"))?;
        let ends = self.ends(older);
        let runs = self.runs(&names, &ends);
        let mut covered = BTreeSet::new();
        let mut kept: BTreeSet<String> = BTreeSet::new();
        let mut found = Vec::new();
        for run in runs {
            let (from, to) = run.segments();
            covered.extend(from..=to);
            kept.insert(run.path().to_owned());
            found.push(Arc::new(run));
        }
        for (number, header) in older {
            let end = ends.get(number).copied();
            let mut salvaged = None;
            if check == Check::Everything {
                salvaged = Some(self.salvage(*number, end, report)?);
            }
            let index = self.index(*number, end, &mut salvaged, report)?;
            let position = header.as_ref().map_or(0, |header| header.position);
            let seed = header.as_ref().map_or(0, SegmentHeader::seed);
            catalog.add_closed(Segment { number: *number, position, seed, index });
            kept.insert(index::path(*number));
            if !covered.contains(number) {
                let run = self.run(*number, &mut salvaged, report)?;
                kept.insert(run.path().to_owned());
                found.push(Arc::new(run));
            }
        }
        found.sort_by_key(|run| run.segments());
        catalog.register.runs = Arc::new(found);
        for name in names {
            let path = format!("{DIRECTORY}/{name}");
            if !kept.contains(&path) {
                match self.handles.disk().remove(&path) {
                    // Half made in an earlier life, made whole and renamed just now.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    removed => removed.map_err(doing("remove a derived file"))?,
                }
            }
        }
        Ok(())
    }

    /// Per closed segment its last group and checksum, as the next header names them.
    fn ends(&self, older: &[(u64, Option<SegmentHeader>)]) -> BTreeMap<u64, (u64, u32)> {
        let next = older.iter().skip(1).filter_map(|(_, header)| header.as_ref());
        next.chain([self.newest])
            .map(|header| (header.number.saturating_sub(1), (header.last_group, header.last_crc)))
            .collect()
    }

    /// Runs that name the right group and together cover as much as they can, widest first.
    fn runs(&self, names: &[String], ends: &BTreeMap<u64, (u64, u32)>) -> Vec<Run<D>> {
        let mut spans: Vec<_> =
            names.iter().filter_map(|name| register::parse_name(name)).collect();
        spans.sort_by_key(|(from, to)| (*from, u64::MAX - to));
        let mut runs = Vec::new();
        let mut next = 0;
        for (from, to) in spans {
            if from < next || to >= self.newest.number {
                continue;
            }
            let run = Run::open(self.handles, &self.newest.identity.log_id, (from, to));
            let Ok(run) = run else { continue };
            let Cover { group, crc, .. } = run.cover();
            if ends.get(&to) == Some(&(group, crc)) {
                next = to + 1;
                runs.push(run);
            }
        }
        runs
    }

    fn index(
        &self,
        number: u64,
        end: Option<(u64, u32)>,
        salvaged: &mut Option<Salvaged>,
        report: &mut OpenReport,
    ) -> Result<Index<D>, OpenError> {
        let log_id = &self.newest.identity.log_id;
        if let Ok(file) = FileIndex::open(self.handles, log_id, number)
            && end == Some((file.mark().group, file.mark().crc))
        {
            return Ok(Index::File(Arc::new(file)));
        }
        report.rebuilt.push(index::path(number));
        if salvaged.is_none() {
            *salvaged = Some(self.salvage(number, end, report)?);
        }
        let Some((Some(memory), _, damage)) = salvaged else {
            return Err(OpenError::Damaged(Damage {
                segment: number,
                offset: 0,
                what: "neither the header nor an index can be read".to_owned(),
            }));
        };
        if damage.is_none() {
            let written = index::write(self.handles, log_id, number, memory)
                .map_err(Derived::Disk)
                .and_then(|()| FileIndex::open(self.handles, log_id, number));
            if let Ok(file) = written {
                return Ok(Index::File(Arc::new(file)));
            }
        }
        Ok(Index::Memory(Arc::new(memory.clone())))
    }

    fn run(
        &self,
        number: u64,
        salvaged: &mut Option<Salvaged>,
        report: &mut OpenReport,
    ) -> Result<Run<D>, OpenError> {
        let log_id = &self.newest.identity.log_id;
        if salvaged.is_none() {
            *salvaged = Some(self.salvage(number, None, report)?);
        }
        let (group, crc) = match salvaged {
            Some((Some(index), _, _)) => (index.mark.group, index.mark.crc),
            Some((None, _, _)) | None => (0, 0),
        };
        let table = salvaged.as_ref().map(|(_, table, _)| table);
        let mut rows = table.map(Table::sorted).unwrap_or_default().into_iter();
        let most = table.map_or(0, |table| u64::try_from(table.len()).unwrap_or(u64::MAX));
        let cover = Cover { from: number, to: number, group, crc };
        let row = || Ok(rows.next());
        let run = register::write(self.handles, log_id, cover, most, row)
            .and_then(|()| Run::open(self.handles, log_id, (number, number)));
        let run = run.map_err(|error| match error {
            Derived::Disk(source) => OpenError::Disk { doing: "build the register", source },
            Derived::Damaged { path } => {
                OpenError::Disk { doing: "build the register", source: std::io::Error::other(path) }
            }
        })?;
        report.rebuilt.push(run.path().to_owned());
        Ok(run)
    }

    fn salvage(
        &self,
        number: u64,
        end: Option<(u64, u32)>,
        report: &mut OpenReport,
    ) -> Result<Salvaged, OpenError> {
        let salvaged = salvage(self.handles, number, end).map_err(|error| match error {
            ReadError::Disk(source) => OpenError::Disk { doing: "read a closed segment", source },
            ReadError::Damaged(damage) => OpenError::Damaged(damage),
            ReadError::UnknownLedger | ReadError::Prove(_) => OpenError::Disk {
                doing: "read a closed segment",
                source: std::io::ErrorKind::InvalidData.into(),
            },
        })?;
        let damage = salvaged.2.clone().filter(|damage| !report.damage.contains(damage));
        report.damage.extend(damage);
        Ok(salvaged)
    }
}
